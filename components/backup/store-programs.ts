/** How each program that can be the store in the cluster is run. Pure. */
import type { BackupImages, StoreProgramName } from "./args";

/** The bucket in each store of the cluster. */
export const STORE_BUCKET = "backups";
/** Access key id with which Velero logs in at a store of the cluster: it may use the bucket, and nothing else. */
export const STORE_USER = "velero";
/** Where the scripts, the credentials and the data are in the store's pod. */
export const FOLDERS = { scripts: "/scripts", credentials: "/credentials", data: "/data", state: "/state" } as const;

/** What a store's pod runs. */
export interface StoreProgram {
  readonly image: (images: BackupImages) => string;
  readonly port: number;
  /** Some name is needed even where the store has none. */
  readonly region: string;
  readonly healthPath?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** File name → content: `serve.sh` runs the store, `provision.sh` makes bucket and user and may run again and again. */
  readonly scripts: Readonly<Record<"serve.sh" | "provision.sh", string>>;
}

/** The credentials as variables of a shell script: from files, so that neither the pod's specification nor a command line has them. */
const READ_CREDENTIALS = `root_id=$(cat ${FOLDERS.credentials}/root/accessKeyId)
root_secret=$(cat ${FOLDERS.credentials}/root/secretAccessKey)
user_secret=$(cat ${FOLDERS.credentials}/user/secretAccessKey)`;

/** Says that all is made, and stays, so that the pod is ready as long as it is. */
const STAY = `touch ${FOLDERS.state}/provisioned
trap 'exit 0' TERM INT
while :; do sleep 3600 & wait $!; done
`;

const BUCKET_POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      Resource: [`arn:aws:s3:::${STORE_BUCKET}`],
    },
    {
      Effect: "Allow",
      Action: [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      Resource: [`arn:aws:s3:::${STORE_BUCKET}/*`],
    },
  ],
});

const minio: StoreProgram = {
  image: (images) => images.minio,
  port: 9000,
  region: "us-east-1",
  healthPath: "/minio/health/live",
  // The console had most of the holes; nothing is asked of the outside.
  environment: { MINIO_BROWSER: "off", MINIO_UPDATE: "off", HOME: FOLDERS.state },
  scripts: {
    "serve.sh": `set -eu
${READ_CREDENTIALS}
export MINIO_ROOT_USER="$root_id" MINIO_ROOT_PASSWORD="$root_secret"
exec minio server ${FOLDERS.data} --address :9000
`,
    "provision.sh": `set -eu
${READ_CREDENTIALS}
export MC_CONFIG_DIR=${FOLDERS.state}/mc MC_HOST_store="http://$root_id:$root_secret@127.0.0.1:9000"
until mc ready store >/dev/null 2>&1; do sleep 1; done
mc mb --ignore-existing store/${STORE_BUCKET}
printf '%s' '${BUCKET_POLICY}' > ${FOLDERS.state}/policy.json
mc admin policy create store backups ${FOLDERS.state}/policy.json
# From standard input: a command line can be read by others. An existing user gets the new secret.
printf '%s\\n%s\\n' ${STORE_USER} "$user_secret" | mc admin user add store
# Says so, and ends well, where the user has it already.
mc admin policy attach store backups --user ${STORE_USER}
${STAY}`,
  },
};

const seaweedfs: StoreProgram = {
  image: (images) => images.seaweedfs,
  port: 8333,
  region: "us-east-1",
  // Its shell keeps its history there.
  environment: { HOME: FOLDERS.state, TMPDIR: FOLDERS.state },
  scripts: {
    "serve.sh": `set -eu
${READ_CREDENTIALS}
umask 077
cat > ${FOLDERS.state}/s3.json <<END
{"identities": [
  {"name": "root", "credentials": [{"accessKey": "$root_id", "secretKey": "$root_secret"}],
   "actions": ["Admin", "Read", "Write", "List", "Tagging"]},
  {"name": "${STORE_USER}", "credentials": [{"accessKey": "${STORE_USER}", "secretKey": "$user_secret"}],
   "actions": ["Read:${STORE_BUCKET}", "Write:${STORE_BUCKET}", "List:${STORE_BUCKET}", "Tagging:${STORE_BUCKET}"]}
]}
END
# Its parts trust whoever reaches them: S3, which asks for keys, is the only one that others than this pod reach.
exec weed -logtostderr=true server -dir=${FOLDERS.data} -ip=127.0.0.1 -ip.bind=127.0.0.1 \\
  -master.volumeSizeLimitMB=1024 -volume.max=0 -filer.localSocket=${FOLDERS.state}/filer.sock \\
  -s3 -s3.ip.bind=0.0.0.0 -s3.port=8333 -s3.localSocket=${FOLDERS.state}/s3.sock -s3.config=${FOLDERS.state}/s3.json
`,
    "provision.sh": `set -eu
# The shell ends well whatever became of the command: the bucket is there when it is listed.
ask() { echo "$1" | weed -logtostderr=true shell -master=127.0.0.1:9333 2>/dev/null; }
until ask s3.bucket.list | grep -qw ${STORE_BUCKET}; do
  ask "s3.bucket.create -name ${STORE_BUCKET}" || true
  sleep 2
done
${STAY}`,
  },
};

const versitygw: StoreProgram = {
  image: (images) => images.versitygw,
  port: 7070,
  region: "us-east-1",
  healthPath: "/health",
  environment: { HOME: FOLDERS.state },
  scripts: {
    "serve.sh": `set -eu
${READ_CREDENTIALS}
export ROOT_ACCESS_KEY_ID="$root_id" ROOT_SECRET_ACCESS_KEY="$root_secret"
umask 077
mkdir -p ${FOLDERS.data}/objects ${FOLDERS.state}/accounts
printf '{"accessAccounts":{"%s":{"access":"%s","secret":"%s","role":"user"}}}' \\
  ${STORE_USER} ${STORE_USER} "$user_secret" > ${FOLDERS.state}/accounts/users.json
exec versitygw --port :7070 --health /health --region us-east-1 --iam-dir ${FOLDERS.state}/accounts --quiet \\
  posix ${FOLDERS.data}/objects
`,
    "provision.sh": `set -eu
${READ_CREDENTIALS}
export ADMIN_ACCESS_KEY_ID="$root_id" ADMIN_SECRET_ACCESS_KEY="$root_secret" ADMIN_ENDPOINT_URL=http://127.0.0.1:7070
until versitygw admin list-buckets > ${FOLDERS.state}/buckets 2>/dev/null; do sleep 1; done
grep -qw ${STORE_BUCKET} ${FOLDERS.state}/buckets ||
  versitygw admin create-bucket --owner ${STORE_USER} --bucket ${STORE_BUCKET}
${STAY}`,
  },
};

/** The programs by their names in the settings. */
export const storePrograms: Readonly<Record<StoreProgramName, StoreProgram>> = { minio, seaweedfs, versitygw };
