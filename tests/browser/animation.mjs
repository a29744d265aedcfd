// Pictures one after the other, as one that moves: an animated PNG, which needs no program to make.
// Its frames are the screenshots' own bytes (PNG third edition, 11.3.6: acTL, fcTL, fdAT).

const signatureBytes = 8;

const crcTable = Array.from({ length: 256 }, (_, start) => {
    let value = start;
    for (let bit = 0; bit < 8; bit += 1) {
        value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    }
    return value >>> 0;
});

function crc(bytes) {
    let value = 0xffffffff;
    for (const byte of bytes) {
        value = crcTable[(value ^ byte) & 0xff] ^ (value >>> 8);
    }
    return (value ^ 0xffffffff) >>> 0;
}

function chunksOf(png) {
    const chunks = [];
    for (let at = signatureBytes; at < png.length;) {
        const length = png.readUInt32BE(at);
        chunks.push({ type: png.toString('latin1', at + 4, at + 8),
                      data: png.subarray(at + 8, at + 8 + length) });
        at += length + 12;
    }
    return chunks;
}

function chunk(type, data) {
    const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const whole = Buffer.alloc(typed.length + 8);
    whole.writeUInt32BE(data.length, 0);
    typed.copy(whole, 4);
    whole.writeUInt32BE(crc(typed), typed.length + 4);
    return whole;
}

const numbers = (...values) => {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4));
    return bytes;
};

// `frames`: [{png, ms}], all of one size, shown for so long each; again and again.
export function animate(frames) {
    const first = chunksOf(frames[0].png);
    const header = first.find(({ type }) => type === 'IHDR').data;
    const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
    const parts = [frames[0].png.subarray(0, signatureBytes), chunk('IHDR', header),
                   chunk('acTL', numbers(frames.length, 0))];
    let sequence = 0;
    const next = () => numbers(sequence++);
    frames.forEach(({ png, ms }, index) => {
        const delay = Buffer.from([ms >> 8, ms & 0xff, 1000 >> 8, 1000 & 0xff, 0, 0]);
        parts.push(chunk('fcTL', Buffer.concat([next(), numbers(width, height, 0, 0), delay])));
        for (const { type, data } of chunksOf(png)) {
            if (type === 'IHDR' && !data.equals(header)) {
                throw new Error('the pictures are not of one size and kind');
            }
            if (type === 'IDAT') {
                parts.push(index === 0 ? chunk('IDAT', data)
                                       : chunk('fdAT', Buffer.concat([next(), data])));
            }
        }
    });
    parts.push(chunk('IEND', Buffer.alloc(0)));
    return Buffer.concat(parts);
}
