/// What is printed and reflected of a value: the members that are not nil, and no secret and no connection data.
struct Shown {
    private let children: [Mirror.Child]

    init(_ members: KeyValuePairs<String, Any?>) {
        children = members.compactMap { name, value in value.map { (label: name, value: $0) } }
    }

    func description(_ type: Any.Type) -> String {
        let members = children.map { "\($0.label ?? ""): \($0.value)" }
        return "\(type)(\(members.joined(separator: ", ")))"
    }

    func mirror(_ value: Any, _ style: Mirror.DisplayStyle) -> Mirror {
        Mirror(value, children: children, displayStyle: style)
    }
}
