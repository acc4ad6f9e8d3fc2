/**
 * Deploy keys as GitHub and GitLab keep them. Part of a program that runs in the cluster. Another Git server is another
 * {@link KeyRegistry} in {@link registries}.
 */
import { JobError } from "../../in-cluster/job";
import { type Answer, send } from "../../in-cluster/request";

/** A public key, as it shall be registered. */
export interface WantedKey {
  title: string;
  /** One line, as in authorized_keys. */
  line: string;
  /** Whether it may push. */
  write: boolean;
}

/** A key that the Git server knows for the repository. */
export interface KnownKey extends WantedKey {
  id: string;
}

/** What registering needs of a Git server: the deploy keys of one repository. */
export interface KeyRegistry {
  list(): Promise<KnownKey[]>;
  add(key: WantedKey): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Which repository, and where its server's API is. */
export interface Place {
  /** Name of the repository in the settings. */
  name: string;
  /** Address of the API, without a slash at its end. */
  apiUrl: string;
  /** Path at the server without `.git`, such as `acme/fleet`. */
  repository: string;
}

/** Asks an API; rejects when nobody answers. */
export type Ask = (method: string, path: string, body?: object) => Promise<Answer>;

/** Why a key cannot be registered, and what to do. */
export class RegistrationError extends JobError {}

/** Git servers whose API is known. */
export type GitHost = keyof typeof registries;

interface Words {
  readonly host: string;
  /** What the token needs, so that it may. */
  readonly right: string;
}

const PAGE = 100;

/** All pages of a list. */
async function pages<Item>(ask: Ask, path: string, refuse: (answer: Answer) => RegistrationError): Promise<Item[]> {
  const items: Item[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await ask("GET", `${path}?per_page=${PAGE}&page=${page}`);
    if (answer.status !== 200) throw refuse(answer);
    const found = listIn<Item>(answer.body);
    if (!found) throw refuse(answer);
    items.push(...found);
    if (found.length < PAGE) return items;
  }
}

/** The list in a body; nothing where it is something else, such as a login page of a proxy's. */
function listIn<Item>(body: string): Item[] | undefined {
  try {
    const content: unknown = JSON.parse(body);
    return Array.isArray(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** What the server says of a refusal, on one line. */
function saying({ body }: Answer): string {
  return body.replace(/\s+/g, " ").trim().slice(0, 300);
}

function refusal({ apiUrl, name, repository }: Place, { host, right }: Words, answer: Answer): RegistrationError {
  const { status } = answer;
  const registration = `authentication.registration of the repository ${name}`;
  const says = `(${status}: ${saying(answer)})`;
  if (status === 401)
    return new RegistrationError(
      `${host} at ${apiUrl} does not know the token of ${registration} ${says}: set one that is valid, which needs ${right}.`,
    );
  if (status === 403)
    return new RegistrationError(
      `${host} at ${apiUrl} does not let the token register deploy keys of ${repository} ${says}: give it ${right}, or take registration out and register the keys by hand.`,
    );
  if (status === 404)
    return new RegistrationError(
      `${host} at ${apiUrl} has no repository ${repository}, or does not show it to the token of ${registration} ${says}: correct url, or give the token ${right}.`,
    );
  if (/already (in use|been taken)/.test(answer.body))
    return new RegistrationError(
      `${host} at ${apiUrl} knows the deploy key of ${name} from another repository or account, and one key serves one repository ${says}: remove it there, or raise deployKeyGeneration of ${name} by two for keys that nobody knows.`,
    );
  if (status >= 300 && status < 400)
    return new RegistrationError(
      `${host} at ${apiUrl} has ${repository} at another address ${says}: correct url and apiUrl of the repository ${name}.`,
    );
  return new RegistrationError(
    `${host} at ${apiUrl} did not take the deploy keys of ${repository} ${says}: mend that, and run pulumi up again; or take registration out and register the keys by hand.`,
  );
}

/** https://docs.github.com/en/rest/deploy-keys/deploy-keys */
function gitHub(place: Place, ask: Ask): KeyRegistry {
  const words = { host: "GitHub", right: "the permission Administration (read and write) on the repository" };
  const refuse = (answer: Answer) => refusal(place, words, answer);
  const path = `/repos/${place.repository}/keys`;
  return {
    async list() {
      const keys = await pages<{ id: number; title: string; key: string; read_only: boolean }>(ask, path, refuse);
      return keys.map(({ id, title, key, read_only }) => ({ id: `${id}`, title, line: key, write: !read_only }));
    },
    async add({ title, line, write }) {
      const answer = await ask("POST", path, { title, key: line, read_only: !write });
      if (answer.status !== 201) throw refuse(answer);
    },
    async remove(id) {
      const answer = await ask("DELETE", `${path}/${id}`);
      if (answer.status !== 204 && answer.status !== 404) throw refuse(answer);
    },
  };
}

/** https://docs.gitlab.com/api/deploy_keys/ */
function gitLab(place: Place, ask: Ask): KeyRegistry {
  const words = { host: "GitLab", right: "the scope api and the role Maintainer of the project" };
  const refuse = (answer: Answer) => refusal(place, words, answer);
  const path = `/projects/${encodeURIComponent(place.repository)}/deploy_keys`;
  return {
    async list() {
      const keys = await pages<{ id: number; title: string; key: string; can_push: boolean }>(ask, path, refuse);
      return keys.map(({ id, title, key, can_push }) => ({ id: `${id}`, title, line: key, write: can_push }));
    },
    async add({ title, line, write }) {
      const answer = await ask("POST", path, { title, key: line, can_push: write });
      if (answer.status !== 201) throw refuse(answer);
    },
    async remove(id) {
      const answer = await ask("DELETE", `${path}/${id}`);
      if (answer.status !== 204 && answer.status !== 404) throw refuse(answer);
    },
  };
}

/** How each kind of Git server is spoken to. */
export const registries = { github: gitHub, gitlab: gitLab } as const;

/** How each takes a token. */
const authorisations: Readonly<Record<GitHost, (token: string) => Record<string, string>>> = {
  github: (token) => ({
    authorization: `Bearer ${token}`,
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
  }),
  gitlab: (token) => ({ "private-token": token, accept: "application/json" }),
};

/**
 * Asks an API with a token.
 * @param ca PEM of the CA of its certificate. Default: the public ones
 */
export function apiClient(kind: GitHost, apiUrl: string, token: string, ca?: Buffer): Ask {
  return (method, path, body) =>
    send({
      method,
      url: `${apiUrl}${path}`,
      headers: {
        ...authorisations[kind](token),
        "user-agent": "onprem-platform",
        "content-type": "application/json",
      },
      body: body === undefined ? "" : JSON.stringify(body),
      ca,
    });
}
