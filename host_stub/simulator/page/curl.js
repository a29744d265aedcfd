// A request of the wire as a command for a shell: the very same bytes, once more.

const inQuotes = (text) => `'${text.replaceAll('\'', '\'\\\'\'')}'`;

// `request`: "POST address", an empty line, and the body.
export function curlOf(request) {
    const end = request.indexOf('\n\n');
    const [method, address] = request.slice(0, end).split(' ');
    return ['curl --silent --show-error', `--request ${method}`,
            `--header ${inQuotes('Content-Type: text/xml; charset=utf-8')}`,
            `--data-binary ${inQuotes(request.slice(end + 2))}`, inQuotes(address)].join(' ');
}
