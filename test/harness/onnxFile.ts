import { create, toBinary } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';

/** An operator: `out… = op(in…)`. */
export interface OnnxLine {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers, lists of them, texts; `{ f }` is a float. */
  readonly attributes?: Readonly<
    Record<string, number | string | readonly number[] | { readonly f: number }>
  >;
  readonly domain?: string;
}

export interface OnnxDraft {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly lines: readonly OnnxLine[];
  readonly weights?: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: readonly number[];
    readonly type?: 'int64';
    /** The file that is said to hold the numbers. */
    readonly external?: string;
  }[];
  readonly opset?: number;
}

/** Numbers of any shape. */
const float32 = create(TypeProtoSchema, {
  value: {
    case: 'tensorType',
    value: create(TypeProto_TensorSchema, { elemType: TensorProto_DataType.FLOAT }),
  },
});

/** The bytes of an ONNX file of float32 inputs and outputs. */
export function onnxFile({ inputs, outputs, lines, weights = [], opset = 17 }: OnnxDraft): Uint8Array {
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(opset) })],
      graph: create(GraphProtoSchema, {
        name: 'test',
        input: inputs.map(name => create(ValueInfoProtoSchema, { name, type: float32 })),
        output: outputs.map(name => create(ValueInfoProtoSchema, { name, type: float32 })),
        initializer: weights.map(({ name, shape, values, type, external }) =>
          create(TensorProtoSchema, {
            name,
            dims: shape.map(BigInt),
            dataType: type === 'int64' ? TensorProto_DataType.INT64 : TensorProto_DataType.FLOAT,
            ...(external === undefined
              ? type === 'int64'
                ? { int64Data: values.map(BigInt) }
                : { floatData: [...values] }
              : {
                  dataLocation: TensorProto_DataLocation.EXTERNAL,
                  externalData: [create(StringStringEntryProtoSchema, { key: 'location', value: external })],
                }),
          }),
        ),
        node: lines.map(({ op, inputs: from, outputs: into, attributes = {}, domain = '' }) =>
          create(NodeProtoSchema, {
            opType: op,
            domain,
            input: [...from],
            output: [...into],
            attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
          }),
        ),
      }),
    }),
  );
}

function attribute(
  name: string,
  value: number | string | readonly number[] | { readonly f: number },
): AttributeProto {
  const type = AttributeProto_AttributeType;
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: type.INT, i: BigInt(value) });
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, type: type.STRING, s: new TextEncoder().encode(value) });
  if ('f' in value) return create(AttributeProtoSchema, { name, type: type.FLOAT, f: value.f });
  return create(AttributeProtoSchema, { name, type: type.INTS, ints: value.map(BigInt) });
}
