import { v5, v7 } from 'uuid'

/** Of what requests with a key make. */
const namespace = '3c9b8a52-6d0e-4a44-9f0e-7e1f6b1c2d90'

/**
 * The id of a new row: the same for the same key, so that a request whose answer a crash swallowed finds what it
 * made; a new one without a key.
 */
export const keyedId = (idempotencyKey: string | undefined): string =>
  idempotencyKey === undefined ? v7() : v5(idempotencyKey, namespace)
