import { ReportPage } from './report-page.tsx'

/* Each report has an address of its own. */

export const OverviewReport = () => <ReportPage name="overview" />
export const IntentsReport = () => <ReportPage name="intents" />
export const ChannelsReport = () => <ReportPage name="channels" />
export const AgentsReport = () => <ReportPage name="agents" />
export const ComplaintsReport = () => <ReportPage name="complaints" />
export const SuggestionsReport = () => <ReportPage name="suggestions" />
