import type { Tool } from '../core/tool.ts'
import type { ToolArguments } from '../core/tool-call.ts'
import type { Entity } from '../core/understanding.ts'

/** What the message names, by parameter. A kind that it names twice says nothing of which is meant. */
export const namedIn = (tool: Pick<Tool, 'entities'>, entities: readonly Entity[]): ToolArguments =>
  Object.fromEntries(
    Object.entries(tool.entities).flatMap(([parameter, kind]): [string, string][] => {
      const values = new Set(entities.filter((one) => one.kind === kind).map(({ value }) => value))
      const [only] = values
      return values.size === 1 && only !== undefined ? [[parameter, only]] : []
    }),
  )
