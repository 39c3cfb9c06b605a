/**
 * The smallest of our models, `v1 = -x` of one number, as `exportModel` writes it: what starts onnxruntime-web in its worker, which
 * needs no exporter for it.
 */
export const WARM_UP_MODEL = {
  base64:
    'CAgSDWVxdWF0aW9uLWxlbnM6PgoPCgRpbjp4EgJ2MSIDTmVnEgV0cmFjZVoSCgRpbjp4EgoKCAgBEgQKAggBYhAKAnYxEgoKCAgBEgQKAggBQgQKABAR',
  input: 'in:x',
  output: 'v1',
} as const;
