import { startControl, type ControlOptions } from '../../src/app/control.ts'
import { remotePrivacy } from '../../src/app/control-privacy.ts'
import { silentLog } from '../../src/core/log.ts'

const nobody = (): Promise<never> => Promise.reject(new Error('not asked for'))

/** The door of a running product for its command line, which knows nothing but what a test gives it. */
export const startTestControl = (own: Partial<ControlOptions> & Pick<ControlOptions, 'folder'>) =>
  startControl({
    ...{ status: nobody, inboxes: nobody, traffic: nobody, log: silentLog },
    people: { add: nobody, link: nobody, list: nobody, invite: nobody, resetTotp: nobody },
    keys: { create: nobody, list: nobody, revoke: nobody },
    jobs: { depth: nobody, dead: nobody, replay: nobody },
    copyDatabase: nobody,
    letters: { list: nobody, count: nobody, replay: nobody },
    holidays: { list: nobody, apply: nobody },
    audit: { verify: nobody },
    privacy: remotePrivacy(nobody),
    knowledge: {
      ...{ versions: nobody, rollBack: nobody, write: nobody, read: nobody, apply: nobody, undo: nobody },
    },
    ...own,
  })
