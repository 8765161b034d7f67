// Rules and macros, fetched when one of the two is opened.
export { Macros } from './macros.tsx'
export { Rules } from './rules.tsx'
