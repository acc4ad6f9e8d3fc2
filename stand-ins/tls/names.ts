import { isIP } from "node:net";
import {
  AttributeTypeAndValue,
  AttributeValue,
  GeneralName,
  Name,
  RelativeDistinguishedName,
} from "@peculiar/asn1-x509";
import type { PropertyMap, PropertyValue } from "../plugin/property-values";

/** The OID of each part of a subject, in the order in which Go's `pkix.Name` writes them. */
const SUBJECT_PARTS: readonly (readonly [name: string, oid: string])[] = [
  ["country", "2.5.4.6"],
  ["organization", "2.5.4.10"],
  ["organizationalUnit", "2.5.4.11"],
  ["locality", "2.5.4.7"],
  ["province", "2.5.4.8"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "2.5.4.3"],
  ["serialNumber", "2.5.4.5"],
  ["emailAddress", "1.2.840.113549.1.9.1"],
];

/** The characters of ASN.1's PrintableString. */
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

/** The names of the parts of a subject. */
export const SUBJECT_PART_NAMES = SUBJECT_PARTS.map(([name]) => name);

/** A distinguished name of a subject's given parts. Several street addresses share one set, as Go writes them. */
export function distinguishedName(subject: PropertyMap): Name {
  const sets = SUBJECT_PARTS.flatMap(([name, oid]) => {
    const values = [subject[name] ?? []].flat().map(String);
    const attributes = values.map(
      (text) => new AttributeTypeAndValue({ type: oid, value: attributeValue(name, text) }),
    );
    return attributes.length > 0 ? [new RelativeDistinguishedName(attributes)] : [];
  });
  return new Name(sets);
}

function attributeValue(name: string, text: string): AttributeValue {
  if (name === "emailAddress") return new AttributeValue({ ia5String: text });
  return new AttributeValue(PRINTABLE.test(text) ? { printableString: text } : { utf8String: text });
}

/** The names that a certificate is valid for besides its subject. */
export function alternativeNames(inputs: PropertyMap): GeneralName[] {
  const texts = (list: PropertyValue | undefined): string[] => ((list ?? []) as string[]).map(String);
  return [
    ...texts(inputs.dnsNames).map((dNSName) => new GeneralName({ dNSName })),
    ...texts(inputs.ipAddresses).map((iPAddress) => new GeneralName({ iPAddress })),
    ...texts(inputs.uris).map((uniformResourceIdentifier) => new GeneralName({ uniformResourceIdentifier })),
  ];
}

/** The first entry that is no IP address, and the first that is no absolute URI, as reasons by input. */
export function badNames(inputs: PropertyMap): { property: string; reason: string }[] {
  const address = ((inputs.ipAddresses ?? []) as string[]).find((text) => isIP(text) === 0);
  const uri = ((inputs.uris ?? []) as string[]).find((text) => !URL.canParse(text));
  return [
    ...(address === undefined ? [] : [{ property: "ipAddresses", reason: `"${address}" is not an IP address` }]),
    ...(uri === undefined ? [] : [{ property: "uris", reason: `"${uri}" is not an absolute URI` }]),
  ];
}
