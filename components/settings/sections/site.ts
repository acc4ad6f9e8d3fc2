import { z } from "zod";

const word = z.string().min(1).max(253);

/** What the customer's cluster holds already, and what of it may be used. */
export const site = z
  .strictObject({
    adopt: z
      .array(
        z.strictObject({
          kind: word.meta({ allowed: "a kind as the cluster names it", example: "Namespace" }),
          namespace: word.optional().describe("Its namespace; left out for objects of the whole cluster."),
          name: word.describe("Its name."),
        }),
      )
      .default([])
      .describe(
        "Objects of the cluster that the stack takes over although they are not its own. They are changed to what the program asks for, and deleted with the stack.",
      ),
    namespaces: z
      .enum(["own", "existing"])
      .default("own")
      .describe(
        "Whether the namespaces are the stack's own, created and deleted with it, or exist: then they are neither changed nor deleted, and must allow the pods that they are for.",
      ),
  })
  .describe("The customer's site as it is: what exists in its cluster already.");
