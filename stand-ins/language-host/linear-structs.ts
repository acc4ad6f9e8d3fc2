/**
 * Makes `google.protobuf.Struct`, in which the SDK sends and gets the properties of resources, take a time that grows with
 * its size alone. The library goes through everything that is nested in a message again whenever the message is put into
 * another one (`setOneofWrapperField` of google-protobuf 3.21), which multiplies the time by the depth: definitions of
 * custom resources, with their schemas some twenty levels deep, took two of three seconds of a program.
 *
 * The messages are built from the arrays that the library itself keeps inside: a message is an array of its fields, and a
 * map an array of its entries.
 */
import type { BinaryReader } from "google-protobuf";
import structs from "google-protobuf/google/protobuf/struct_pb";

type Fields = unknown[];
interface Classes {
  Struct: {
    new (fields: Fields): structs.Struct;
    fromJavaScript(object: object): structs.Struct;
    deserializeBinaryFromReader(message: structs.Struct, reader: BinaryReader): structs.Struct;
  };
  Value: {
    new (fields: Fields): structs.Value;
    fromJavaScript(value: unknown): structs.Value;
  };
}

/** Numbers of the fields of `Value`: https://protobuf.dev/reference/protobuf/google.protobuf/#value */
const FIELD = { null: 1, number: 2, string: 3, boolean: 4, struct: 5, list: 6 } as const;

/** The fields of a `Value` of which only the one with this number is set. */
function only(field: number, content: unknown): Fields {
  const fields: Fields = new Array(field).fill(null);
  fields[field - 1] = content;
  return fields;
}

function fieldsOfValue(value: unknown): Fields {
  if (value === null) return only(FIELD.null, 0);
  if (Array.isArray(value)) return only(FIELD.list, [value.map(fieldsOfValue)]);
  if (typeof value === "object") return only(FIELD.struct, fieldsOfStruct(value));
  const field = FIELD[typeof value as keyof typeof FIELD];
  if (field === undefined) throw new Error("Unexpected struct type.");
  return only(field, value);
}

function fieldsOfStruct(object: object): Fields {
  const entries: Fields = [];
  // As the library does it: what an object has from its prototype counts.
  for (const name in object) entries.push([name, fieldsOfValue((object as Record<string, unknown>)[name])]);
  return [entries];
}

/** Reads the message that begins here, field by field. */
function readFields(reader: BinaryReader, read: (field: number) => void): void {
  while (reader.nextField() && !reader.isEndGroup()) read(reader.getFieldNumber());
}

function nested<T>(reader: BinaryReader, read: (reader: BinaryReader) => T): T {
  let result: T | undefined;
  reader.readMessage(undefined, () => {
    result = read(reader);
  });
  return result as T;
}

function readValue(reader: BinaryReader): Fields {
  let fields: Fields = [];
  readFields(reader, (field) => {
    if (field === FIELD.null) fields = only(field, reader.readEnum());
    else if (field === FIELD.number) fields = only(field, reader.readDouble());
    else if (field === FIELD.string) fields = only(field, reader.readString());
    else if (field === FIELD.boolean) fields = only(field, reader.readBool());
    else if (field === FIELD.struct) fields = only(field, [nested(reader, readEntries)]);
    else if (field === FIELD.list) fields = only(field, [nested(reader, readList)]);
    else reader.skipField();
  });
  return fields;
}

function readList(reader: BinaryReader): Fields[] {
  const values: Fields[] = [];
  readFields(reader, (field) => (field === 1 ? values.push(nested(reader, readValue)) : reader.skipField()));
  return values;
}

function readEntries(reader: BinaryReader): [string, Fields][] {
  const entries: [string, Fields][] = [];
  readFields(reader, (field) => (field === 1 ? entries.push(nested(reader, readEntry)) : reader.skipField()));
  return entries;
}

function readEntry(reader: BinaryReader): [string, Fields] {
  const entry: [string, Fields] = ["", []];
  readFields(reader, (field) => {
    if (field === 1) entry[0] = reader.readString();
    else if (field === 2) entry[1] = nested(reader, readValue);
    else reader.skipField();
  });
  return entry;
}

const { Struct, Value } = structs as unknown as Classes;
Value.fromJavaScript = (value) => new Value(fieldsOfValue(value));
Struct.fromJavaScript = (object) => new Struct(fieldsOfStruct(object));
Struct.deserializeBinaryFromReader = (message, reader) => {
  const fields = message.getFieldsMap();
  for (const [name, value] of readEntries(reader)) fields.set(name, new Value(value));
  return message;
};
