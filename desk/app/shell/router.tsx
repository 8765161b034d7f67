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
}

const readSearch = ({ info }: Readonly<Record<string, unknown>>): InboxSearch =>
  info === true ? { info } : {}

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound })

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
] as const

const pagesOfReports = () => import('../reports/index.ts')
const reports = createRoute({
  getParentRoute: () => root,
  path: '/reports',
  component: lazyRouteComponent(pagesOfReports, 'ReportsLayout'),
})
const reportPages = [
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
    admin.addChildren([...adminPages]),
    reports.addChildren([...reportPages]),
    search,
  ]),
  basepath: '/desk/app',
  defaultPreload: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
