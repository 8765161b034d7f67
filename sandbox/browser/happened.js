import { el, emptyOf, find, reconcile } from './dom.js'
import { icon } from './icons.js'
import { reasonText, spanOf, t, tOr, timeOf } from './words.js'

const { document } = globalThis
const shownCandidates = 4

/** What the product made of each message, latest first. */
export const createHappened = (tools) => {
  const empty = el('p', { class: 'empty' })
  const list = el('ol', { class: 'steps' })
  const element = el('div', {}, empty, list)
  const render = (store) => {
    const { steps, state, clientState } = store
    empty.hidden = steps.length > 0
    const nobody = store.channel === 'web' ? 'happened.empty.web' : 'happened.empty'
    emptyOf(empty, t(nobody), 'layers')
    const windows = store.channel === 'wechat' ? state.windows : []
    const limits = {
      windows,
      ...(clientState?.allowance === undefined ? {} : { allowance: clientState.allowance }),
    }
    reconcile(list, steps, {
      key: (step) => step.messageId,
      signature: (step) =>
        JSON.stringify([step, step === steps[0] ? limits : 0, state.deskUrl, document.documentElement.lang]),
      build: (step) =>
        stepOf(step, {
          deskUrl: state.deskUrl,
          openInDesk: tools.openInDesk,
          limits: step === steps[0] ? limits : { windows: [] },
        }),
    })
  }
  const show = (entryId) => {
    const card = find(`step-${entryId}`)
    if (card === null) return
    card.scrollIntoView({ block: 'nearest' })
    card.focus({ preventScroll: true })
  }
  return { element, render, show }
}

const stepOf = (step, context) =>
  el(
    'li',
    { class: 'step', tabindex: '-1', id: step.entryId === undefined ? undefined : `step-${step.entryId}` },
    el(
      'header',
      {},
      el('q', {}, step.said === '' ? tOr(`part.${step.kind}`, step.kind) : step.said),
      el('time', { datetime: step.at }, timeOf(step.at)),
    ),
    el(
      'div',
      { class: 'rail' },
      arrival(step),
      step.decision === undefined ? waiting() : [understanding(step.decision), deciding(step.decision, step)],
      step.replies.map((reply) => delivery(reply)),
      quota(context.limits),
    ),
    el(
      'footer',
      {},
      step.tickets.map((ticket) => el('span', { class: 'tag ticket' }, ticket)),
      deskLink(step, context),
    ),
  )

/** Leads to the ticket of this conversation; the desk shows no conversation without one. */
const deskLink = ({ ticketId }, { deskUrl, openInDesk }) =>
  el(
    'a',
    {
      class: 'button small quiet',
      href: ticketId === undefined ? deskUrl : `${deskUrl}#/t/${ticketId}`,
      title: ticketId === undefined ? t('desk.noTicket') : undefined,
      target: '_blank',
      rel: 'noopener',
      on: { click: (event) => openInDesk(ticketId) && event.preventDefault() },
    },
    icon('open'),
    t('desk.openHere'),
  )

const stage = (name, words, ...content) =>
  el(
    'section',
    { class: `stage-row ${name}` },
    el('h4', {}, words),
    el('div', { class: 'stage-body' }, ...content),
  )

const fact = (label, value, tone = '') =>
  el('span', { class: `fact ${tone}` }, el('small', {}, label), el('b', {}, value))

const arrival = ({ journey }) => {
  if (journey === undefined) return undefined
  return stage(
    'arrival',
    t('step.arrival'),
    journey.callbackMs === undefined ? undefined : fact(t('fact.callback'), spanOf(journey.callbackMs)),
    journey.attempts > 1 ? fact(t('fact.attempts'), journey.attempts, 'warn') : undefined,
    journey.answeredAfterMs === undefined
      ? undefined
      : fact(t('fact.seen'), `${spanOf(journey.answeredAfterMs)} · ${t(`via.${journey.via}.short`)}`, 'ok'),
  )
}

const waiting = () => stage('waiting', t('step.deciding'), el('span', { class: 'hint' }, t('step.waiting')))

const percent = (share) => `${Math.round(share * 100)}%`

/** A bar with its number beside it; the number is the information. */
const bar = (share) => {
  const fill = el('i', {})
  fill.style.width = percent(Math.min(1, Math.max(0, share)))
  return el('span', { class: 'bar', 'aria-hidden': 'true' }, fill)
}

const understanding = ({ classification }) => {
  if (classification === undefined) return undefined
  const { intent, topic, confidence, candidates, urgency, emotion, emotionStrength, outOfScope } =
    classification
  return stage(
    'understood',
    t('step.understood'),
    fact(t('fact.intent'), intent),
    fact(t('fact.topic'), topic),
    fact(t('fact.confidence'), confidence.toFixed(2)),
    outOfScope >= 0.2 ? fact(t('fact.outOfScope'), outOfScope.toFixed(2), 'warn') : undefined,
    urgency === 'normal' ? undefined : fact(t('fact.urgency'), t(`urgency.${urgency}`), 'bad'),
    emotion === 'neutral'
      ? undefined
      : fact(
          t('fact.emotion'),
          `${t(`emotion.${emotion}`)} ${emotionStrength}/3`,
          emotion === 'angry' ? 'bad' : '',
        ),
    candidates.length === 0 ? undefined : candidateList(candidates),
  )
}

const candidateList = (candidates) => {
  const item = (candidate) =>
    el(
      'li',
      {},
      el('span', { class: 'question', title: candidate.articleId }, candidate.question),
      bar(candidate.score),
      el('b', {}, candidate.score.toFixed(2)),
    )
  const first = candidates.slice(0, shownCandidates)
  const rest = candidates.slice(shownCandidates)
  return el(
    'div',
    { class: 'candidates' },
    el('ol', {}, first.map(item)),
    rest.length === 0
      ? undefined
      : el(
          'details',
          {},
          el('summary', {}, t('candidates.more', { count: rest.length })),
          el('ol', {}, rest.map(item)),
        ),
  )
}

const kindTones = {
  answer: 'ok',
  clarify: 'info',
  collect: 'info',
  escalate: 'warn',
  chat: 'info',
  silent: '',
}

/** From the arrival until somebody thought about it: settling, and whatever stood before it in line. */
const waitedMs = ({ thinkingMs }, { at, replies }) => {
  const first = replies.find(({ author }) => author === 'bot')
  return first === undefined ? undefined : Math.max(0, new Date(first.at) - new Date(at) - thinkingMs)
}

const deciding = (decision, step) => {
  const waited = waitedMs(decision, step)
  const thresholds = Object.entries(decision.thresholds)
  return stage(
    'decided',
    t('step.decided'),
    el(
      'span',
      { class: `tag ${kindTones[decision.kind] ?? ''}` },
      tOr(`kind.${decision.kind}`, decision.kind),
    ),
    fact(t('fact.rule'), decision.rule),
    waited === undefined ? undefined : fact(t('fact.waited'), spanOf(waited)),
    fact(t('fact.thinking'), spanOf(decision.thinkingMs)),
    decision.articleId === undefined ? undefined : fact(t('fact.article'), decision.articleId),
    decision.reasons.length === 0
      ? undefined
      : el(
          'ul',
          { class: 'reasons' },
          decision.reasons.map((reason) => el('li', {}, reasonText(reason))),
        ),
    thresholds.length === 0
      ? undefined
      : el(
          'p',
          { class: 'hint' },
          t('fact.thresholds', { list: thresholds.map(([name, value]) => `${name} ${value}`).join(' · ') }),
        ),
  )
}

const deliveryTones = {
  sent: 'ok',
  failed: 'bad',
  expired: 'bad',
  queued: 'info',
  waiting: 'warn',
  sending: 'info',
}

const delivery = (reply) => {
  const { delivery: facts } = reply
  const who = reply.agentName ?? t(`author.${reply.author}`)
  return stage(
    'delivered',
    who,
    el('p', { class: 'said-back' }, reply.said),
    facts === undefined
      ? undefined
      : el('span', { class: `tag ${deliveryTones[facts.status]}` }, t(`delivery.${facts.status}`)),
    facts?.via === undefined ? undefined : fact(t('fact.via'), t(`via.${facts.via}.short`)),
    facts !== undefined && facts.attempts > 1 ? fact(t('fact.attempts'), facts.attempts, 'warn') : undefined,
    facts?.repeated === true ? el('span', { class: 'tag warn' }, t('delivery.repeated')) : undefined,
    facts?.error === undefined
      ? undefined
      : el(
          'p',
          { class: 'failure' },
          icon('warning'),
          `${facts.error.message} (${facts.error.providerCode ?? facts.error.code})`,
        ),
  )
}

const quotaTone = (left) => (left === 0 ? 'bad' : left <= 2 ? 'warn' : '')

/** What the account may still send. */
const quota = ({ windows, allowance }) => {
  if (windows.length === 0 && allowance === undefined) return undefined
  const words = ({ left, limit }) => t('quota.left', { left, limit })
  return stage(
    'quota',
    t('step.quota'),
    windows.map((window) => fact(t(`window.${window.action}`), words(window), quotaTone(window.left))),
    allowance === undefined ? undefined : fact(t('fact.limit'), words(allowance), quotaTone(allowance.left)),
  )
}
