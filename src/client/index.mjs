// `tongda/client`. Plain JavaScript without a build: Node reads no TypeScript in packages, and bundlers take it in as it is.
/* global URL -- of Node and of browsers alike */
import createClient from 'openapi-fetch'

export const createTongda = ({ url, key }) =>
  createClient({ baseUrl: new URL('/api/v1', url).href, headers: { authorization: `Bearer ${key}` } })
