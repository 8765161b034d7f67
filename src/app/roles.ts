import type { Config } from '../config.ts'
import { TongdaError } from '../core/errors.ts'
import type { NodeRole } from '../core/node-role.ts'
import { openBackRoom } from './back-room.ts'
import { openFace } from './face.ts'
import { answerElsewhere, answerHere, type Answering, type LineGround } from './line.ts'
import { roleFault } from './role-fault.ts'
import type { Face, Stage } from './stage.ts'
import { upkeepElsewhere, upkeepHere, type Upkeep } from './upkeep.ts'

/** The parts of the product that not every node has; all others stand on each. */
export interface RoleParts {
  /** Whether the node polls providers, holds connections to them and looks after its accounts there. */
  readonly attends: boolean
  readonly startAnswering: (ground: LineGround) => Promise<Answering>
  readonly openFace: (stage: Stage) => Promise<Face>
  readonly startUpkeep: (stage: Stage) => Promise<Upkeep>
}

const working = { attends: true, startAnswering: answerHere, startUpkeep: upkeepHere } as const

const roles: Readonly<Record<NodeRole, RoleParts>> = {
  all: { ...working, openFace },
  web: { attends: false, startAnswering: answerElsewhere, startUpkeep: upkeepElsewhere, openFace },
  worker: { ...working, openFace: openBackRoom },
}

/** What a node of this configuration is made of. Throws `bad_config` when the role cannot be played. */
export const partsOfRole = (config: Config): RoleParts => {
  const fault = roleFault(config)
  if (fault !== undefined) throw new TongdaError('bad_config', fault)
  return roles[config.server.role]
}
