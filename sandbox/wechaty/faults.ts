/** What can go wrong with a personal account, each on until it is switched off. */
export const faultNames = [
  'duplicate',
  'out-of-order',
  // The bridge dies at once; the switch goes off when the next one is up.
  'lost-connection',
  'signed-out',
  'send-refused',
] as const
