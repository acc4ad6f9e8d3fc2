// preStop: the server (process 1 of this container) is told to hand its clients over, then keeps serving until the
// endpoint's removal has reached every node and proxy. SIGTERM, on which Parse Server cuts connections, comes after.
const seconds = Number(process.argv[2]);
process.kill(1, "SIGUSR2");
setTimeout(() => {}, seconds * 1000);
