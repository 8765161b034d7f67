import type { Permission } from '../../../src/core/agent.ts'

/** A route, what it needs, and a body that gets past the door and no further. */
export type AccessRow = [method: string, path: string, needs: Permission | 'anything', body?: unknown]

/** What is learned for the knowledge, and how a language model helps with it. */
export const learningTable = (somewhere: string): readonly AccessRow[] => [
  ['GET', '/knowledge/proposals?limit=0', 'knowledge.read'],
  ['GET', `/knowledge/proposals/${somewhere}`, 'knowledge.read'],
  ['GET', `/knowledge/proposals/${somewhere}/edits`, 'knowledge.read'],
  ['GET', `/knowledge/proposals/${somewhere}/questions`, 'knowledge.read'],
  ['GET', `/knowledge/proposals/${somewhere}/replay`, 'knowledge.read'],
  ['PATCH', `/knowledge/proposals/${somewhere}`, 'knowledge.edit', { name: '' }],
  ['POST', `/knowledge/proposals/${somewhere}/accept`, 'knowledge.edit', { similar: [] }],
  ['POST', `/knowledge/proposals/${somewhere}/dismiss`, 'knowledge.edit', {}],
  ['POST', `/knowledge/proposals/${somewhere}/reopen`, 'knowledge.edit', {}],
  ['POST', `/knowledge/proposals/${somewhere}/merge`, 'knowledge.edit', {}],
  ['PATCH', `/knowledge/questions/${somewhere}`, 'knowledge.edit', {}],
  ['GET', '/knowledge/help', 'knowledge.edit'],
  ['POST', '/knowledge/help/similar-questions', 'knowledge.edit', {}],
  ['POST', '/knowledge/help/tone', 'knowledge.edit', {}],
  ['POST', '/knowledge/help/drafts', 'knowledge.edit', {}],
  ['GET', '/knowledge/contradictions', 'knowledge.edit'],
  ['POST', `/knowledge/contradictions/${somewhere}/dismiss`, 'knowledge.edit', {}],
  ['POST', `/knowledge/contradictions/${somewhere}/reopen`, 'knowledge.edit', {}],
  ['GET', '/knowledge/contradiction-check', 'knowledge.edit'],
  ['POST', '/knowledge/contradiction-check', 'knowledge.edit', {}],
  ['GET', '/knowledge/unchecked-pairs', 'knowledge.edit'],
  ['POST', '/knowledge/unchecked-pairs/retry', 'knowledge.edit', {}],
]
