// Ready means: primary or secondary. A member that is still copying data or rolling back is not, so that a rolling
// update and the PodDisruptionBudget wait for it. `hello` needs no login.
const hello = new Mongo("mongodb://127.0.0.1:27017/?directConnection=true&serverSelectionTimeoutMS=5000")
  .getDB("admin")
  .runCommand({ hello: 1 });
if (!hello.isWritablePrimary && !hello.secondary) {
  print(
    `not a primary or secondary yet: ${hello.setName ? `member of ${hello.setName}` : "replica set not initiated"}`,
  );
  quit(1);
}
