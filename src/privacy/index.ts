export { createClearArchives, createMakeExport } from './make-export.ts'
export { archiveOf } from './archive.ts'
