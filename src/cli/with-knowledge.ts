import type { Command } from 'commander'
import type { KnowledgeTerminal } from '../app/knowledge-lines.ts'
import { openKnowledgeTerminal } from '../app/knowledge-terminal.ts'
import { withStore } from '../app/with-store.ts'
import { loadConfig } from './settings.ts'

/** Works on what is published, beside a running product too. `reads`: it changes nothing. */
export const withKnowledge = <Result>(
  command: Command,
  work: (knowledge: KnowledgeTerminal) => Promise<Result>,
  { reads = false } = {},
): Promise<Result> => {
  const config = loadConfig(command)
  return withStore(config, {
    reads,
    here: (database) => openKnowledgeTerminal(config, database),
    there: ({ knowledge }) => knowledge,
    work,
  })
}
