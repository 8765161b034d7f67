export { AssistPane } from './pane.tsx'
export { DraftHelp } from './draft-help.tsx'
