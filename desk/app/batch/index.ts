// The dialogs that change one or several tickets, fetched when one of them is opened.
export { Assign } from './assign.tsx'
export { Priority } from './priority.tsx'
export { Tags } from './tags.tsx'
