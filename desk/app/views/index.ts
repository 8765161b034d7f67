// Views that agents make, fetched when one of them is shown or made.
export { ViewDrawer } from './view-drawer.tsx'
export { ViewHead } from './view-head.tsx'
