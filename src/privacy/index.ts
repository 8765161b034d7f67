export { createClearArchives, createMakeExport } from './make-export.ts'
export { countOver, noneOver, retireOver, type RetentionCounts, type RetentionRules } from './retire.ts'
