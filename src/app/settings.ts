import { createPromiseDesk } from '../promises/index.ts'
import type { Config } from '../config.ts'
import type { Calendars } from '../core/calendar.ts'
import type { Retention } from '../core/personal-data.ts'
import type { SurveysInForce } from '../core/settings-desk.ts'
import type { ApiServices } from '../http/index.ts'
import { asksAfterTickets } from './surveys.ts'

const surveysOf = (config: Config): SurveysInForce => {
  const { share, everyDays, delayMinutes, answerHours, lowScore, exceptKinds, exceptTopics } = config.surveys
  const { campaignHours, question } = config.surveys
  return {
    isOn: asksAfterTickets(config),
    ...{ share, everyDays, delayMinutes, answerHours, lowScore, exceptKinds, exceptTopics },
    ...{ from: campaignHours.from, to: campaignHours.to, question },
  }
}

/** What the rules in force are read from. */
export interface SettingsParts {
  readonly config: Config
  readonly calendars: Calendars
  readonly stores: { readonly retention: Pick<Retention, 'lastRun'> }
}

/** The rules of the configuration as they are in force. */
export const openSettings = ({
  config,
  calendars,
  stores,
}: SettingsParts): Pick<ApiServices, 'promises' | 'retention' | 'surveysInForce'> => ({
  promises: createPromiseDesk(config.promises, calendars),
  surveysInForce: () => surveysOf(config),
  retention: async () => {
    const { messageDays, ticketDays, complaintDays, questionDays, suggestionDays } = config.privacy
    const { draftDays, invitationDays } = config.privacy
    const lastRunAt = await stores.retention.lastRun()
    return {
      days: {
        ...{ messages: messageDays, tickets: ticketDays, complaints: complaintDays },
        ...{ questions: questionDays, suggestions: suggestionDays },
        ...{ drafts: draftDays, invitations: invitationDays },
      },
      ...{ auditDays: config.privacy.auditDays, exportHours: config.privacy.exportHours },
      masked: config.privacy.mask,
      ...(lastRunAt === undefined ? {} : { lastRunAt }),
    }
  },
})
