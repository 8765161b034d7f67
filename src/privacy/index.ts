export { createClearArchives, createMakeExport } from './make-export.ts'
export { countOver, retireOver, type RetentionCounts, type RetentionRules } from './retire.ts'
