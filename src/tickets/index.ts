export { createAgentTyping } from './agent-typing.ts'
export { ticketsConfig, type TicketsConfig } from './config.ts'
export { describeTicket } from './describe-ticket.ts'
export { draftTicket } from './draft-ticket.ts'
export { kindWords } from './part-words.ts'
export { reasonWords, writeReason } from './reason-words.ts'
export { createRelationService } from './relations.ts'
export { createTicketReporter } from './report.ts'
export { checkLine, checkTags, maxReasonCharacters, mergeFields } from './ticket-facts.ts'
export {
  changeOf,
  checkText,
  createTicketService,
  maxAgentText,
  type Effect,
  type TicketServiceOptions,
} from './ticket-service.ts'
export { createUndo } from './undo.ts'
export { createUpkeep } from './upkeep.ts'
export { createMentionService } from './mentions.ts'
