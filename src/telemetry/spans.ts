import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Context, Link, Span, SpanContext } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { AcceptedStep, HearStep, JourneyStep, Moment, SendStep, TurnStep } from '../core/journey.ts'
import type { Logger } from '../core/log.ts'
import type { OtlpConfig } from './config.ts'

/** What a message that was sent belongs to. */
export interface SentOf {
  /** The message of which it is a part. */
  readonly messageId: string
  /** The contact's message whose turn said it; undefined: a person said it, or a rule. */
  readonly answers: string | undefined
}

export interface SpansOptions extends OtlpConfig {
  readonly url: string
  readonly version: string
  /** Names this node among others. */
  readonly nodeId: string
  readonly channelOf: (inboxId: string) => string
  /** Looks up what an outbox row belongs to; undefined: it is gone. */
  readonly sentOf: (outboxId: string) => Promise<SentOf | undefined>
  readonly log: Logger
}

/** Makes spans of a message's steps. */
export interface Spans {
  readonly hear: HearStep
  /** Sends what is still to be sent, for a few seconds at most. */
  stop(): Promise<void>
}

// However many spans wait, a stop must not.
const goodbyeMs = 3_000

/** Ids of a message's trace. */
export interface TraceIds {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** Of the span of its acceptance, the root; 16 hexadecimal digits. */
  readonly rootId: string
  /** Of the span of the turn that decided on it. */
  readonly turnId: string
}

/**
 * Derived from the message's id alone: whichever nodes store, answer and send, their spans belong together, and nothing is
 * stored for it. The id cannot be told from them.
 */
export const traceIdsOf = (messageId: string): TraceIds => {
  const hex = createHash('sha256').update(messageId, 'utf8').digest('hex')
  return { traceId: hex.slice(0, 32), rootId: hex.slice(32, 48), turnId: hex.slice(48) }
}

const loadSdk = async () => {
  // Loaded where it is used: hardly anybody traces.
  const [api, sdk, resources, otlp] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ])
  return { ...api, ...sdk, ...resources, ...otlp }
}
type Sdk = Awaited<ReturnType<typeof loadSdk>>

/** Warns once when the collector does not take spans, and says when it does again. */
const createWarning = (inner: SpanExporter, log: Logger): SpanExporter => {
  let isAway = false
  const note = (error: Error | undefined): void => {
    if (error !== undefined && !isAway)
      log.warn({ error }, 'traces could not be sent; check telemetry.otlp.url and that the collector runs')
    if (error === undefined && isAway) log.info({}, 'traces are sent again')
    isAway = error !== undefined
  }
  return {
    export: (spans: ReadableSpan[], done) =>
      inner.export(spans, (result) => {
        note(result.error)
        done(result)
      }),
    shutdown: () => inner.shutdown(),
    ...(inner.forceFlush === undefined
      ? {}
      : { forceFlush: () => inner.forceFlush?.() ?? Promise.resolve() }),
  }
}

/** Ids of the next span, where they are given. */
const createIds = (sdk: Sdk) => {
  const random = new sdk.RandomIdGenerator()
  let next: { traceId?: string; spanId?: string } = {}
  return {
    /** Begins a span under these ids; whatever begins it must not wait. */
    withIds: <Result>(ids: { traceId?: string; spanId?: string }, begin: () => Result): Result => {
      next = ids
      try {
        return begin()
      } finally {
        next = {}
      }
    },
    generator: {
      generateTraceId: () => next.traceId ?? random.generateTraceId(),
      generateSpanId: () => next.spanId ?? random.generateSpanId(),
    },
  }
}

const openProvider = (
  sdk: Sdk,
  options: SpansOptions,
  idGenerator: ReturnType<typeof createIds>['generator'],
) => {
  const { url, headers, ratio, serviceName, attributes, timeoutMs, version, nodeId, log } = options
  const exporter = new sdk.OTLPTraceExporter({
    url,
    timeoutMillis: timeoutMs,
    ...(headers ? { headers } : {}),
  })
  return new sdk.TracerProvider({
    idGenerator,
    // By the trace's id: all nodes choose the same messages.
    sampler: new sdk.TraceIdRatioBasedSampler(ratio),
    resource: sdk.resourceFromAttributes({
      ...attributes,
      'service.name': serviceName,
      'service.version': version,
      'service.instance.id': nodeId,
    }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: createWarning(exporter, log),
        scheduledDelayMillis: 1_000,
        exportTimeoutMillis: timeoutMs + 1_000,
      }),
    ],
  })
}

interface SpanFacts {
  readonly from: Moment
  readonly to: Moment
  readonly spanId?: string
  readonly attributes?: Readonly<Record<string, string | number>>
  readonly links?: readonly Link[]
  readonly isClient?: boolean
  /** Why it did not end well. */
  readonly fault?: string
}

type Draw = (
  parent: SpanContext | { readonly traceId: string },
  name: string,
  facts: SpanFacts,
) => SpanContext

const createDraw = (sdk: Sdk, options: SpansOptions): { draw: Draw; stop: () => Promise<void> } => {
  const { withIds, generator } = createIds(sdk)
  const provider = openProvider(sdk, options, generator)
  const tracer = provider.getTracer('tongda', options.version)
  const contextOf = (parent: SpanContext | { readonly traceId: string }): Context =>
    'spanId' in parent ? sdk.trace.setSpanContext(sdk.ROOT_CONTEXT, parent) : sdk.ROOT_CONTEXT
  const draw: Draw = (parent, name, { from, to, spanId, attributes = {}, links = [], isClient, fault }) => {
    const begin = (): Span =>
      tracer.startSpan(
        name,
        {
          startTime: from,
          ...{ attributes: { ...attributes }, links: [...links] },
          kind: isClient === true ? sdk.SpanKind.CLIENT : sdk.SpanKind.INTERNAL,
        },
        contextOf(parent),
      )
    const span = withIds({ traceId: parent.traceId, ...(spanId === undefined ? {} : { spanId }) }, begin)
    if (fault !== undefined) span.setStatus({ code: sdk.SpanStatusCode.ERROR, message: fault })
    span.end(Math.max(from, to))
    return span.spanContext()
  }
  return { draw, stop: () => provider.shutdown() }
}

/** What spans are drawn with. */
interface Pencil {
  readonly draw: Draw
  readonly inboxOf: (inboxId: string) => Readonly<Record<string, string>>
  /** A span that another node may have drawn. */
  readonly context: (traceId: string, spanId: string) => SpanContext
}

const drawAccepted =
  ({ draw, inboxOf }: Pencil) =>
  ({ inboxId, messageId, outcome, receivedAt, storingAt, storedAt }: AcceptedStep): void => {
    // The first one's spans are made already.
    if (outcome === 'duplicate') return
    const { traceId, rootId } = traceIdsOf(messageId)
    const attributes = { ...inboxOf(inboxId), 'tongda.message.id': messageId }
    const root = draw({ traceId }, 'accept', { from: receivedAt, to: storedAt, spanId: rootId, attributes })
    draw(root, 'store', { from: storingAt, to: storedAt })
  }

const drawTurn =
  ({ draw, inboxOf, context }: Pencil) =>
  (step: TurnStep): void => {
    const { inboxId, messageIds, decision, committed } = step
    const { readyAt, claimedAt, understoodAt, decidedAt, committedAt } = step
    const messageId = messageIds.at(-1)
    if (messageId === undefined) return
    const { traceId, rootId, turnId } = traceIdsOf(messageId)
    const pieces = messageIds.slice(0, -1).map((id): Link => {
      const piece = traceIdsOf(id)
      return { context: context(piece.traceId, piece.rootId) }
    })
    const turn = draw(context(traceId, rootId), 'turn', {
      ...{ from: readyAt ?? claimedAt, to: committedAt, links: pieces },
      attributes: {
        ...inboxOf(inboxId),
        ...{
          'tongda.decision': decision,
          'tongda.pieces': messageIds.length,
          'tongda.message.id': messageId,
        },
      },
      ...(committed ? { spanId: turnId } : { fault: 'another worker had taken over' }),
    })
    if (readyAt !== undefined) draw(turn, 'claim', { from: readyAt, to: claimedAt })
    if (understoodAt !== undefined) draw(turn, 'understand', { from: claimedAt, to: understoodAt })
    draw(turn, 'decide', { from: understoodAt ?? claimedAt, to: decidedAt })
    draw(turn, 'commit', { from: decidedAt, to: committedAt })
  }

const drawSend =
  ({ draw, inboxOf, context }: Pencil, sentOf: SpansOptions['sentOf']) =>
  async (step: SendStep): Promise<void> => {
    const { inboxId, outboxId, attempt, via, status, code, startedAt, endedAt } = step
    const sent = await sentOf(outboxId)
    if (sent === undefined) return
    const { traceId, turnId } = traceIdsOf(sent.answers ?? sent.messageId)
    draw(sent.answers === undefined ? { traceId } : context(traceId, turnId), 'send', {
      ...{ from: startedAt, to: endedAt, isClient: true },
      attributes: {
        ...inboxOf(inboxId),
        ...{ 'tongda.outbox.id': outboxId, 'tongda.attempt': attempt, 'tongda.via': via },
        'tongda.result': status,
      },
      ...(code === undefined ? {} : { fault: code }),
    })
  }

/** Makes the spans of each kind of step. */
const createDrawing = (draw: Draw, sampled: number, { channelOf, sentOf }: SpansOptions) => {
  const pencil: Pencil = {
    draw,
    inboxOf: (inboxId) => ({ 'tongda.inbox.id': inboxId, 'tongda.channel': channelOf(inboxId) }),
    context: (traceId, spanId) => ({ traceId, spanId, traceFlags: sampled, isRemote: true }),
  }
  return { accepted: drawAccepted(pencil), turn: drawTurn(pencil), send: drawSend(pencil, sentOf) }
}

/** Begins to make spans and to send them to a collector. Ids, codes and times alone go there. */
export const startSpans = async (options: SpansOptions): Promise<Spans> => {
  const sdk = await loadSdk()
  const { draw, stop } = createDraw(sdk, options)
  const drawing = createDrawing(draw, sdk.TraceFlags.SAMPLED, options)
  const drawingSends = new Set<Promise<void>>()
  const hear = (step: JourneyStep): void => {
    if (step.step === 'accepted') drawing.accepted(step)
    else if (step.step === 'turn') drawing.turn(step)
    else {
      // A look that fails costs this span alone.
      const one = drawing.send(step).catch(() => undefined)
      drawingSends.add(one)
      void one.finally(() => drawingSends.delete(one))
    }
  }
  const end = async (): Promise<void> => {
    await Promise.all(drawingSends)
    await stop()
  }
  return {
    hear,
    stop: () => Promise.race([end().catch(() => undefined), delay(goodbyeMs, undefined, { ref: false })]),
  }
}
