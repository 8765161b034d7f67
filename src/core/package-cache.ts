import { fileURLToPath } from 'node:url'

/**
 * Where the product keeps what it makes once per version: beside the installed packages, so that it goes with them. May
 * not be writable.
 */
export const packageCache = fileURLToPath(new URL('../../node_modules/.cache/tongda', import.meta.url))
