import { follow, get, post } from './server.js'

const { document } = globalThis
const { channel } = document.documentElement.dataset

/** Which simulated provider this page is a client of. */
export const ownChannel = channel

export const readClient = (user) => get(`clients/${channel}/state?user=${encodeURIComponent(user ?? '')}`)
export const doAct = (user, act) => post(`clients/${channel}/acts`, { user, act })
export const setFault = (name, on) => post(`clients/${channel}/faults`, { name, on })
export { follow }
