// The windows about keys, fetched when one of them is opened.
export { Help } from './help.tsx'
export { Palette } from './palette.tsx'
