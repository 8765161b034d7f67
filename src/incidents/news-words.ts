import type { IncidentNews } from '../core/incident.ts'
import type { BothLanguages } from '../core/incident-turn.ts'
import type { Part } from '../core/message.ts'
import type { IncidentsConfig } from './config.ts'

const inLanguage = ({ zh, en }: BothLanguages, isEnglish: boolean): string => (isEnglish ? (en ?? zh) : zh)

/** What somebody who follows is told. Whoever wrote in English reads English where there are words for it. */
export const incidentParts = (
  { kind, title, wording, language }: IncidentNews,
  words: Pick<IncidentsConfig, 'update' | 'closed'>,
): readonly Part[] => {
  const isEnglish = language === 'en' && wording.en !== undefined
  const frame = words[kind === 'closed' ? 'closed' : 'update'][isEnglish ? 'en' : 'zh']
  const text = frame
    .replace('{title}', () => inLanguage(title, isEnglish))
    .replace('{news}', () => inLanguage(wording, isEnglish))
  return [{ kind: 'text', text }]
}
