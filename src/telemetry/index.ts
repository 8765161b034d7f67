export { startSpans, traceIdsOf } from './spans.ts'
