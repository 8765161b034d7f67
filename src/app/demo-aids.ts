import { pastMacros, pastReplies } from '../../sandbox/index.ts'
import type { MacroService } from '../core/automation.ts'
import type { CannedService } from '../core/canned.ts'
import type { Clock } from '../core/clock.ts'

const replyKey = (name: string): string => `demo-canned-reply ${name}`
const macroKey = (name: string): string => `demo-macro ${name}`

/** By these the demo's canned replies and macros are found again. */
export const demoAidKeys: readonly string[] = [
  ...pastReplies.map(({ name }) => replyKey(name)),
  ...pastMacros.map(({ name }) => macroKey(name.zh)),
]

/** Gives the demo's team canned replies and macros. Those that are there already stay. */
export const beginAids = async (
  { canned, macros }: { readonly canned: CannedService; readonly macros: MacroService },
  clock: Clock,
): Promise<void> => {
  const everybody = { agentId: undefined, mayManage: true }
  for (const { variants = [], ...reply } of pastReplies)
    await canned.create(everybody, { ...reply, scope: 'team', variants, pictures: [] }, replyKey(reply.name))
  for (const macro of pastMacros) await macros.list.create(macro, clock.now(), macroKey(macro.name.zh))
}
