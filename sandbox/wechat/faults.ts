/** The simulated API calls, by our names for them. */
export const apiNames = [
  'stable_token',
  'token',
  'custom_send',
  'typing',
  'media_upload',
  'media_get',
  'getcallbackip',
  'menu_create',
  'menu_get',
  'menu_delete',
  'qrcode_create',
  'template_list',
  'template_send',
  'subscribe_bizsend',
] as const
export type ApiName = (typeof apiNames)[number]

/**
 * How a call fails below the API's own error codes. `hang` never answers, `cut` breaks the connection; `half` breaks the
 * answer off after the call has taken effect; `not-json` is a page of a machine on the way, with HTTP 200. 429 asks for a
 * pause of two seconds.
 */
export type HttpFault = 'hang' | 'cut' | 'half' | 'not-json' | 429 | 500 | 502 | 503

/** A failure ordered for API calls: an errcode with HTTP 200, or a fault of HTTP itself. */
export type FaultSpec = {
  /** Default: every call. */
  readonly api?: ApiName
  /** How many calls fail; default 1. Infinity: until cleared. */
  readonly times?: number
} & ({ readonly errcode: number; readonly errmsg?: string } | { readonly http: HttpFault })

/** Failures waiting for their calls. */
export interface Faults {
  /** Orders a failure; the returned function calls off what is left of it. */
  add(spec: FaultSpec): () => void
  /** Takes one failure for a call, the oldest first. */
  take(api: ApiName): FaultSpec | undefined
  clear(): void
}

/** No failures ordered. */
export const createFaults = (): Faults => {
  let ordered: { readonly spec: FaultSpec; left: number }[] = []
  const sweep = (): void => {
    ordered = ordered.filter((each) => each.left > 0)
  }
  return {
    add: (spec) => {
      const order = { spec, left: spec.times ?? 1 }
      ordered.push(order)
      return () => {
        order.left = 0
        sweep()
      }
    },
    take: (api) => {
      const due = ordered.find((each) => each.spec.api === undefined || each.spec.api === api)
      if (due === undefined) return undefined
      due.left -= 1
      sweep()
      return due.spec
    },
    clear: () => {
      ordered = []
    },
  }
}
