import { RecoveryError } from "./errors";

/** What a BackupStorageLocation says of its store. */
export interface StoreStatus {
  readonly phase?: string;
  readonly message?: string;
  readonly lastValidationTime?: string;
}

/** Velero looks at a store every 30 s, when its turn comes, and at one that does not answer for up to 30 s. */
const LOOKS = 45;

/**
 * Waits until Velero has found a store. One look that failed does not count: Velero's controllers write the credentials
 * into a file that they share, and who reads it while another writes finds nothing in it
 * (https://github.com/velero-io/velero/issues/8524). Only the next look tells.
 * @param look what the location says now
 * @param pause waits two seconds
 * @throws RecoveryError with Velero's reason when it has not found the store twice, or does not look at it for 90 s
 */
export async function requireStore(
  name: string,
  look: () => Promise<StoreStatus>,
  pause: () => Promise<unknown>,
): Promise<void> {
  const first = await look();
  let status = first;
  for (let looks = 1; status.phase !== "Available"; looks++) {
    const again = status.phase === "Unavailable" && status.lastValidationTime !== first.lastValidationTime;
    if (again || looks > LOOKS) {
      const { phase = "not looked at yet", message = "no reason given" } = status;
      throw new RecoveryError(`The store ${name} is ${phase}: ${message}`);
    }
    await pause();
    status = await look();
  }
}
