/**
 * The policy pack. The engine starts it as a folder (`--policy-pack policy`, through its language host) or as a program
 * (`--policy-pack "$PWD/policy/onprem-policies"`, all of it in one file, which starts faster).
 */
import "../components/errors/supported-node";
import { serveNarrowed } from "./narrowing";
import { onpremPack, startPack } from "./onprem-pack";

const pack = onpremPack();
serveNarrowed(pack, () => startPack(pack.served));
