import type { IncidentNews } from '../core/incident.ts'
import type { BothLanguages } from '../core/incident-turn.ts'
import type { Part } from '../core/message.ts'
import type { IncidentsConfig } from './config.ts'

const inLanguage = ({ zh, en }: BothLanguages, isEnglish: boolean): string => (isEnglish ? (en ?? zh) : zh)

/** What somebody who follows is told. Whoever wrote in English reads English, but for news that is in Chinese only. */
export const incidentParts = (
  { kind, title, wording, language }: IncidentNews,
  words: Pick<IncidentsConfig, 'title' | 'update' | 'closed'>,
): readonly Part[] => {
  const isEnglish = language === 'en'
  const frame = words[kind === 'closed' ? 'closed' : 'update'][isEnglish ? 'en' : 'zh']
  const text = frame
    .replace('{title}', () => inLanguage({ ...title, en: title.en ?? words.title.en }, isEnglish))
    .replace('{news}', () => inLanguage(wording, isEnglish))
  return [{ kind: 'text', text }]
}
