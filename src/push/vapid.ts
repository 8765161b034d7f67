import { createECDH, ECDH, hkdfSync } from 'node:crypto'

const curve = 'prime256v1'

/** What push services know this product by (RFC 8292); base64url. */
export interface VapidKeys {
  readonly publicKey: string
  readonly privateKey: string
}

const tryKeys = (secret: string, round: number): VapidKeys | undefined => {
  const bytes = Buffer.from(hkdfSync('sha256', secret, '', `vapid ${String(round)}`, 32))
  const pair = createECDH(curve)
  try {
    pair.setPrivateKey(bytes)
  } catch {
    // One number in four thousand million is no key of the curve.
    return undefined
  }
  return { publicKey: pair.getPublicKey('base64url'), privateKey: bytes.toString('base64url') }
}

/** The keys that follow from a secret of the product: the same on every node and after every start. */
export const createVapidKeys = (secret: string): VapidKeys => {
  for (let round = 0; ; round += 1) {
    const keys = tryKeys(secret, round)
    if (keys !== undefined) return keys
  }
}

/** Whether a browser's public key is a point of the curve; the others cannot be sealed for. */
export const isPushKey = (p256dh: string): boolean => {
  try {
    return ECDH.convertKey(p256dh, curve, 'base64url', 'hex', 'uncompressed').length === 130
  } catch {
    return false
  }
}
