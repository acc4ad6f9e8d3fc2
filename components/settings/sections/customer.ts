import { customerName } from "../grammar-fields";

/** Who the stack is for; part of every name that a person meets, hence the shorter limit. */
export const customer = customerName("acme", 30).describe(
  "Short name of the customer. It is part of the names of cloud resources, of labels and of the backup prefix, and cannot be changed without moving the customer.",
);
