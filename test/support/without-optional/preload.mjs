// For `node --import`: a process in which the optional packages cannot be found, as after `npm ci --omit=optional`.
import { register } from 'node:module'

register('./hooks.mjs', import.meta.url)
