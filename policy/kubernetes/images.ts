/** An image's name in parts. */
export interface ImageName {
  /** Registry host; Docker Hub's where the name has none. */
  registry: string;
  tag?: string;
  digest?: string;
}

/** Reads an image's name the way a container runtime does. */
export function parseImage(image: string): ImageName {
  const [name = "", digest] = image.split("@");
  const slash = name.indexOf("/");
  const first = slash > 0 ? name.slice(0, slash) : "";
  const isHost = first === "localhost" || /[.:]/.test(first);
  const rest = isHost ? name.slice(slash + 1) : name;
  const colon = rest.lastIndexOf(":");
  return {
    registry: isHost ? first : "docker.io",
    ...(colon > rest.lastIndexOf("/") ? { tag: rest.slice(colon + 1) } : {}),
    ...(digest ? { digest } : {}),
  };
}
