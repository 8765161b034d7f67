import sharp from 'sharp'

/** A picture of one colour; `orientation` and a remark stand in its EXIF. */
export const drawPicture = (
  format: 'png' | 'jpeg' | 'webp',
  { width = 8, height = 4, orientation }: { width?: number; height?: number; orientation?: number } = {},
): Promise<Buffer> => {
  const picture = sharp({ create: { width, height, channels: 3, background: '#c04020' } })
  return (
    orientation === undefined
      ? picture
      : picture.withMetadata({ orientation }).withExif({ IFD0: { Copyright: 'whereILive' } })
  )
    .toFormat(format)
    .toBuffer()
}

/** A GIF of moving frames. */
export const drawAnimation = async (frames: number): Promise<Buffer> => {
  const pictures = await Promise.all(
    Array.from({ length: frames }, (_, at) =>
      sharp({ create: { width: 4, height: 4, channels: 3, background: { r: at * 40, g: 0, b: 0 } } })
        .png()
        .toBuffer(),
    ),
  )
  return sharp(pictures, { join: { animated: true } })
    .gif({ delay: pictures.map(() => 100) })
    .toBuffer()
}

/** What stands in a picture. */
export const lookAt = (bytes: Uint8Array) => sharp(bytes).metadata()
