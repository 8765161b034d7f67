// The reports, fetched when one of them is opened.
export { FeedbackReport } from './feedback.tsx'
export { ReportsLayout } from './layout.tsx'
export { SurveyReport } from './surveys.tsx'
export { TicketReport } from './tickets.tsx'
