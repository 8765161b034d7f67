import { button, el, emptyOf, find, reconcile } from './dom.js'
import { icon } from './icons.js'
import { reasonText, spanOf, t, tOr, timeOf } from './words.js'

const { document } = globalThis
const shownCandidates = 4

/** What the product made of each message, latest first. */
export const createHappened = (tools) => {
  const channels = el('div', { class: 'channels', role: 'group' })
  const empty = el('p', { class: 'empty' })
  const list = el('ol', { class: 'steps' })
  const element = el('div', {}, channels, empty, list)
  let store
  const render = (next) => {
    store = next
    renderChannels()
    const { steps, state } = store
    empty.hidden = steps.length > 0
    const nobody = store.channel === 'web' ? 'happened.empty.web' : 'happened.empty'
    emptyOf(empty, t(nobody), 'layers')
    const windows = store.channel === 'wechat' ? state.windows : []
    reconcile(list, steps, {
      key: (step) => step.messageId,
      signature: (step) =>
        JSON.stringify([step, step === steps[0] ? windows : 0, state.deskUrl, document.documentElement.lang]),
      build: (step) =>
        stepOf(step, { deskUrl: state.deskUrl, windows: step === steps[0] ? windows : [], tools }),
    })
  }
  const renderChannels = () => {
    const others = Object.keys(store.contacts)
    channels.hidden = others.length === 0
    channels.setAttribute('aria-label', t('channels'))
    reconcile(channels, ['wechat', ...others], {
      key: (name) => name,
      signature: (name) => `${name === store.channel}|${document.documentElement.lang}`,
      build: (name) =>
        button(
          { 'aria-pressed': String(name === store.channel), on: { click: () => tools.chooseChannel(name) } },
          t(`channel.${name}`),
        ),
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
      step.decision === undefined ? waiting() : [understanding(step.decision), deciding(step.decision)],
      step.replies.map((reply) => delivery(reply)),
      quota(context.windows),
    ),
    el(
      'footer',
      {},
      step.tickets.map((ticket) => el('span', { class: 'tag ticket' }, ticket)),
      el(
        'a',
        { class: 'button small quiet', href: context.deskUrl, target: '_blank', rel: 'noopener' },
        icon('open'),
        t('desk.openHere'),
      ),
    ),
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

const deciding = (decision) => {
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

const quota = (windows) => {
  if (windows.length === 0) return undefined
  return stage(
    'quota',
    t('step.quota'),
    windows.map((window) =>
      fact(
        t(`window.${window.action}`),
        `${window.left}/${window.limit}`,
        window.left === 0 ? 'bad' : window.left <= 2 ? 'warn' : '',
      ),
    ),
  )
}
