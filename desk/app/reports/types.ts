import type { Schemas } from '../api/v1.ts'

export type WorkReport = Schemas['WorkReport']
export type ReportName = WorkReport['report']
export type ReportSection = Schemas['ReportSection']
export type Row = Schemas['ReportRow']
export type Cell = Row['cells'][number]
export type Unit = Schemas['ReportNumber']['unit']

/** The number whose things are listed. */
export interface Opened {
  readonly metric: string
  readonly name: string
  readonly section?: string
  readonly key?: string
}
