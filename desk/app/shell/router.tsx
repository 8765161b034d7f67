import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { Inbox } from '../inbox/inbox.tsx'
import { isView } from '../inbox/views.ts'
import { Frame } from './frame.tsx'
import { NotFound } from './not-found.tsx'
import { ticketOfLink } from './wanted.ts'

/** What a page of the inbox shows beside its path. */
export interface InboxSearch {
  /** On narrow screens: what is known of the contact, in front of the conversation. */
  readonly info?: true
  /** Of a complaint: its case, in the conversation's place. */
  readonly case?: true
}

const readSearch = ({ info, case: isCase }: Readonly<Record<string, unknown>>): InboxSearch => ({
  ...(info === true ? { info } : {}),
  ...(isCase === true ? { case: isCase } : {}),
})

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound })

/** An area's own address shows its first page. */
const leadTo = (
  to: '/knowledge/articles' | '/admin/inboxes' | '/reports/overview' | '/settings/keys',
): never => {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router's way to lead elsewhere
  throw redirect({ to, replace: true })
}

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: ({ location: { hash } }) => {
    const ticketId = ticketOfLink(hash)
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router's way to lead elsewhere
    throw ticketId === undefined
      ? redirect({ to: '/inbox/$view', params: { view: 'unassigned' }, replace: true })
      : redirect({ to: '/inbox/$view/$ticketId', params: { view: 'open', ticketId }, replace: true })
  },
})

const parseView = ({ view }: { readonly view: string }) =>
  ({ view: isView(view) ? view : 'unassigned' }) as const

const list = createRoute({
  getParentRoute: () => root,
  path: '/inbox/$view',
  params: { parse: parseView, stringify: ({ view }) => ({ view }) },
  validateSearch: readSearch,
  component: Inbox,
})

const ticket = createRoute({
  getParentRoute: () => list,
  path: '$ticketId',
  validateSearch: readSearch,
})

const pagesOfKnowledge = () => import('../knowledge/index.ts')
const knowledge = createRoute({
  getParentRoute: () => root,
  path: '/knowledge',
  component: lazyRouteComponent(pagesOfKnowledge, 'KnowledgeLayout'),
})
const knowledgePages = [
  createRoute({
    getParentRoute: () => knowledge,
    path: '/',
    beforeLoad: () => leadTo('/knowledge/articles'),
  }),
  createRoute({
    getParentRoute: () => knowledge,
    path: 'articles',
    component: lazyRouteComponent(pagesOfKnowledge, 'Articles'),
  }),
  createRoute({
    getParentRoute: () => knowledge,
    path: 'articles/$articleId',
    component: lazyRouteComponent(pagesOfKnowledge, 'ArticlePage'),
  }),
  createRoute({
    getParentRoute: () => knowledge,
    path: 'drafts',
    component: lazyRouteComponent(pagesOfKnowledge, 'Drafts'),
  }),
  createRoute({
    getParentRoute: () => knowledge,
    path: 'drafts/new',
    component: lazyRouteComponent(pagesOfKnowledge, 'NewDraftPage'),
  }),
  createRoute({
    getParentRoute: () => knowledge,
    path: 'drafts/$draftId',
    component: lazyRouteComponent(pagesOfKnowledge, 'DraftPage'),
  }),
  createRoute({
    getParentRoute: () => knowledge,
    path: 'versions',
    component: lazyRouteComponent(pagesOfKnowledge, 'Versions'),
  }),
  createRoute({
    getParentRoute: () => knowledge,
    path: 'proposals',
    component: lazyRouteComponent(pagesOfKnowledge, 'Proposals'),
  }),
  createRoute({
    getParentRoute: () => knowledge,
    path: 'exchange',
    component: lazyRouteComponent(pagesOfKnowledge, 'Exchange'),
  }),
  createRoute({
    getParentRoute: () => knowledge,
    path: 'intents',
    component: lazyRouteComponent(pagesOfKnowledge, 'Intents'),
  }),
  createRoute({
    getParentRoute: () => knowledge,
    path: 'dictionary',
    component: lazyRouteComponent(pagesOfKnowledge, 'Dictionary'),
  }),
  createRoute({
    getParentRoute: () => knowledge,
    path: 'persona',
    component: lazyRouteComponent(pagesOfKnowledge, 'PersonaPage'),
  }),
] as const

const pagesOfAdmin = () => import('../admin/index.ts')
const admin = createRoute({
  getParentRoute: () => root,
  path: '/admin',
  component: lazyRouteComponent(pagesOfAdmin, 'AdminLayout'),
})
const adminPages = [
  createRoute({
    getParentRoute: () => admin,
    path: '/',
    beforeLoad: () => leadTo('/admin/inboxes'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'inboxes',
    component: lazyRouteComponent(pagesOfAdmin, 'Inboxes'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'teams',
    component: lazyRouteComponent(pagesOfAdmin, 'Teams'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'canned',
    component: lazyRouteComponent(pagesOfAdmin, 'Canned'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'keys',
    component: lazyRouteComponent(pagesOfAdmin, 'Keys'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'webhooks',
    component: lazyRouteComponent(pagesOfAdmin, 'Webhooks'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'audit',
    component: lazyRouteComponent(pagesOfAdmin, 'Audit'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'calendars',
    component: lazyRouteComponent(pagesOfAdmin, 'Calendars'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'promises',
    component: lazyRouteComponent(pagesOfAdmin, 'PromisePolicies'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'surveys',
    component: lazyRouteComponent(pagesOfAdmin, 'Surveys'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'retention',
    component: lazyRouteComponent(pagesOfAdmin, 'Retention'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'system',
    component: lazyRouteComponent(pagesOfAdmin, 'SystemHealth'),
  }),
] as const

/** Which days a report is about, and how time is counted; what is absent is chosen by the page. */
export interface ReportSearch {
  readonly from?: string
  readonly to?: string
  readonly zone?: string
  readonly time?: 'calendar' | 'business'
}

const readReportSearch = ({ from, to, zone, time }: Readonly<Record<string, unknown>>): ReportSearch => ({
  ...(typeof from === 'string' ? { from } : {}),
  ...(typeof to === 'string' ? { to } : {}),
  ...(typeof zone === 'string' ? { zone } : {}),
  ...(time === 'calendar' || time === 'business' ? { time } : {}),
})
const pagesOfAutomation = () => import('../automation/index.ts')
const automationPages = [
  createRoute({
    getParentRoute: () => admin,
    path: 'rules',
    component: lazyRouteComponent(pagesOfAutomation, 'Rules'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'macros',
    component: lazyRouteComponent(pagesOfAutomation, 'Macros'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'incidents',
    component: lazyRouteComponent(() => import('../incidents/page.tsx'), 'Incidents'),
  }),
] as const

const pagesOfReports = () => import('../reports/index.ts')
const reports = createRoute({
  getParentRoute: () => root,
  path: '/reports',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(pagesOfReports, 'ReportsLayout'),
})
const reportPages = [
  createRoute({
    getParentRoute: () => reports,
    path: '/',
    beforeLoad: () => leadTo('/reports/overview'),
  }),
  createRoute({
    getParentRoute: () => reports,
    path: 'overview',
    component: lazyRouteComponent(pagesOfReports, 'OverviewReport'),
  }),
  createRoute({
    getParentRoute: () => reports,
    path: 'intents',
    component: lazyRouteComponent(pagesOfReports, 'IntentsReport'),
  }),
  createRoute({
    getParentRoute: () => reports,
    path: 'channels',
    component: lazyRouteComponent(pagesOfReports, 'ChannelsReport'),
  }),
  createRoute({
    getParentRoute: () => reports,
    path: 'agents',
    component: lazyRouteComponent(pagesOfReports, 'AgentsReport'),
  }),
  createRoute({
    getParentRoute: () => reports,
    path: 'complaints',
    component: lazyRouteComponent(pagesOfReports, 'ComplaintsReport'),
  }),
  createRoute({
    getParentRoute: () => reports,
    path: 'suggestions',
    component: lazyRouteComponent(pagesOfReports, 'SuggestionsReport'),
  }),
  createRoute({
    getParentRoute: () => reports,
    path: 'tickets',
    component: lazyRouteComponent(pagesOfReports, 'TicketReport'),
  }),
  createRoute({
    getParentRoute: () => reports,
    path: 'surveys',
    component: lazyRouteComponent(pagesOfReports, 'SurveyReport'),
  }),
  createRoute({
    getParentRoute: () => reports,
    path: 'feedback',
    component: lazyRouteComponent(pagesOfReports, 'FeedbackReport'),
  }),
] as const

const wall = createRoute({
  getParentRoute: () => root,
  path: '/wall',
  component: lazyRouteComponent(pagesOfReports, 'Wall'),
})
const pagesOfSettings = () => import('../settings/index.ts')
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(pagesOfSettings, 'SettingsLayout'),
})
const settingsPages = [
  createRoute({
    getParentRoute: () => settings,
    path: '/',
    beforeLoad: () => leadTo('/settings/keys'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'keys',
    component: lazyRouteComponent(pagesOfSettings, 'KeySettings'),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: 'notices',
    component: lazyRouteComponent(pagesOfSettings, 'NoticeSettings'),
  }),
] as const

const pagesOfSuggestions = () => import('../suggestions/index.ts')
const suggestionPages = [
  createRoute({
    getParentRoute: () => root,
    path: '/suggestions',
    component: lazyRouteComponent(pagesOfSuggestions, 'SuggestionBoard'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/suggestions/$themeId',
    component: lazyRouteComponent(pagesOfSuggestions, 'SuggestionTheme'),
  }),
] as const

const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  component: lazyRouteComponent(() => import('../search/search.tsx'), 'Search'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    list.addChildren([ticket]),
    knowledge.addChildren([...knowledgePages]),
    admin.addChildren([...adminPages, ...automationPages]),
    reports.addChildren([...reportPages]),
    wall,
    settings.addChildren([...settingsPages]),
    search,
    ...suggestionPages,
  ]),
  basepath: '/desk/app',
  defaultPreload: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
