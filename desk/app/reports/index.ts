// The reports, fetched when one of them is opened.
export { FeedbackReport } from './feedback.tsx'
export { ReportsLayout } from './layout.tsx'
export { SurveyReport } from './surveys.tsx'
export { TicketReport } from './tickets.tsx'
export { Wall } from './wall.tsx'
export {
  AgentsReport,
  ChannelsReport,
  ComplaintsReport,
  IntentsReport,
  OverviewReport,
  SuggestionsReport,
} from './work.tsx'
